"""Users times courses by JSON, for scripts of staff  [001, V-7, V-8]."""

from http import HTTPStatus

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from access.services.bulk_pairs import MOST_PAIRS, grant_pairs
from accounts.http import StudentRequest
from common.strict_json import BadJSON, get_list, read_json, require_object
from dashboard.gates import changes_access, confirms_identity

CONFIRM = "Confirm that it is you at /account/confirm/ first."


@require_POST
@changes_access
def grant(request: StudentRequest) -> HttpResponseBase:
    """Take `{users, courses}`, ids; answer `{success, message, granted_count}`.

    Identity is confirmed before, as on the pages.
    """
    try:
        return _granted(request, *_lists(request.body))
    except BadJSON as refusal:
        return _refused(str(refusal), HTTPStatus.BAD_REQUEST)
    except ReauthenticationRequired:
        return _refused(CONFIRM, HTTPStatus.FORBIDDEN)


@confirms_identity
def _granted(request: StudentRequest, users: set[int], courses: set[int]) -> HttpResponseBase:
    count = grant_pairs(user_ids=users, course_ids=courses, actor=request.user, now=timezone.now())
    rights = "right" if count == 1 else "rights"
    return JsonResponse({"success": True, "message": f"Granted {count} {rights}.", "granted_count": count})


def _refused(error: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"success": False, "error": error}, status=status)


def _lists(raw: bytes) -> tuple[set[int], set[int]]:
    """The users and the courses.

    :raises BadJSON: if one is empty or no list of ids, or together they are too many
    """
    body = require_object(read_json(raw))
    users, courses = _ids(body, "users"), _ids(body, "courses")
    if len(users) * len(courses) > MOST_PAIRS:
        raise BadJSON(f"At most {MOST_PAIRS:,} pairs at once; use a file for more.")
    return users, courses


def _ids(body: dict[str, object], name: str) -> set[int]:
    """The ids of a list that must not be empty.

    :raises BadJSON: if it is, or holds something else
    """
    found = get_list(body, name, MOST_PAIRS)
    ids = {item for item in found if isinstance(item, int) and not isinstance(item, bool)}
    if not found or not all(type(item) is int for item in found):
        raise BadJSON(f"“{name}” must be a list of ids with at least one.")
    return ids
