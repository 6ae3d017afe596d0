"""What progress announces upward."""

from django.dispatch import Signal

# A student finished the last lesson of a course; sent once per enrollment, inside the transaction.
# Certificates will listen; learning paths are advanced before it is sent. Arguments: user_id, course_id, now.
course_completed = Signal()
