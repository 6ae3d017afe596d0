"""The one address that takes back what was just done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import StudentRequest
from dashboard.gates import staff_only
from dashboard.undoing import CannotUndo, close_offer, take_back, way_back


@require_POST
@staff_only
def undo(request: StudentRequest) -> HttpResponse:
    """Do what the token says, or only close the message; then back to where it was done."""
    token = request.POST.get("token", "")
    if "close" not in request.POST:
        try:
            messages.success(request, take_back(token, actor=request.user, now=timezone.now()))
        except CannotUndo as refusal:
            messages.warning(request, str(refusal))
    close_offer(request, token)
    return redirect(way_back(token))
