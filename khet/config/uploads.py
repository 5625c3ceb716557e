"""How large an upload may be, told before it has filled the disk."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

# The form is read before the page asks who is there; a stranger's file is of no use to anybody.
LARGEST_FROM_A_STRANGER = 1_000_000


class SizeLimit(FileUploadHandler):
    """Refuses a request whose files are larger than the office allows; passes everything else on."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        user = getattr(self.request, "user", None)
        known = user is not None and user.is_authenticated
        self.limit = settings.KHET_LARGEST_UPLOAD if known else LARGEST_FROM_A_STRANGER
        self.received = 0
        if content_length > self.limit:
            raise RequestDataTooBig(f"an upload of {content_length} bytes is larger than {self.limit}")

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received > self.limit:  # the length was not told, or not truly
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size):
        return None
