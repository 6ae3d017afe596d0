"""When the trash is emptied of what has lain in it for 30 days: every night. Uploads are held for an hour."""

from common.scheduling import Scheduled

SCHEDULES = [
    Scheduled(task="catalog.tasks.purge_trash", cron="20 4 * * *"),
    Scheduled(task="catalog.tasks.forget_imports", cron="50 * * * *"),
]
