"""When the trash is emptied of what has lain in it for 30 days, and what uploads are held is dropped."""

from common.scheduling import Scheduled

SCHEDULES = [
    Scheduled(task="catalog.tasks.purge_trash", cron="20 4 * * *"),
    Scheduled(task="catalog.tasks.forget_imports", cron="50 * * * *"),
    Scheduled(task="catalog.tasks.drop_held_uploads", cron="35 4 * * *"),
]
