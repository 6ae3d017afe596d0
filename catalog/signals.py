"""What the catalog announces upward."""

from django.dispatch import Signal

# Lessons of a course were added, removed, published or unpublished: counters above must be recounted.
# Sent by catalog.services inside the transaction of the change. Arguments: course_id.
lessons_changed = Signal()
