"""When the dashboard's work in the background runs."""

from common.scheduling import Scheduled

SCHEDULES = [Scheduled(task="dashboard.tasks.count_reports", cron="*/5 * * * *")]
