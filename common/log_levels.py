"""How loud a log line is."""

import logging


def as_warning(record: logging.LogRecord) -> bool:
    """Lower an error that visitors cause at will, such as a wrong Host header, to a warning without a traceback."""
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    record.exc_info = None
    return True
