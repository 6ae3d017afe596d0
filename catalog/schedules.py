"""When the trash is emptied of what has lain in it for 30 days: every night."""

from common.scheduling import Scheduled

SCHEDULES = [Scheduled(task="catalog.tasks.purge_trash", cron="20 4 * * *")]
