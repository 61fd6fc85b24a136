package blackhole.events.stream;

import blackhole.events.call.EventsException;
import blackhole.events.call.EventsException.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;

/** What an error of the file system means to a caller. */
final class IoFailure {
  private static final System.Logger LOG = System.getLogger(IoFailure.class.getName());

  /** As the C library words them: there is no space, no quota, or the file may not grow. */
  private static final List<String> FULL =
      List.of("No space left on device", "quota exceeded", "File too large");

  private IoFailure() {}

  static EventsException of(IOException e) {
    String text = text(e);
    LOG.log(System.Logger.Level.WARNING, "the log failed: {0}", e.toString());
    return FULL.stream().anyMatch(text::contains)
        ? new EventsException(Reason.DISK_FULL, "the disk is full", e)
        : new EventsException(Reason.LOG_UNAVAILABLE, "the log failed (" + text + ")", e);
  }

  /** Without the path, which is none of a caller's business. */
  private static String text(IOException e) {
    String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return text == null ? e.getClass().getSimpleName() : text;
  }
}
