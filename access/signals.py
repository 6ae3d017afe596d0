"""What access announces upward."""

from django.dispatch import Signal

# A student takes part in a course from now on; sent once per enrollment, inside the transaction. Who has completed all
# lessons already, previews for instance, completes the course with it. Arguments: user_id, course_id, now.
enrolled = Signal()
