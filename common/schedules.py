"""When the site's own housekeeping runs."""

from common.scheduling import Scheduled

SCHEDULES = [Scheduled(task="common.tasks.tidy_up", cron="40 3 * * *")]
