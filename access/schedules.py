"""When rights are swept: every six hours  [002]."""

from common.scheduling import Scheduled

SCHEDULES = [Scheduled(task="access.tasks.sweep_access", cron="15 */6 * * *")]
