"""When rights are swept: every six hours  [002]; and checks of bulk access that nobody applied are let go."""

from common.scheduling import Scheduled

SCHEDULES = [
    Scheduled(task="access.tasks.sweep_access", cron="15 */6 * * *"),
    Scheduled(task="access.tasks.expire_checks", cron="40 * * * *"),
]
