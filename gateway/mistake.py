"""A mistake of whoever starts or configures the gateway: told in one line, without a traceback."""


class MistakeError(Exception):
    """What is wrong and what to do next, in one sentence each; the command line prints it and exits with status 1."""
