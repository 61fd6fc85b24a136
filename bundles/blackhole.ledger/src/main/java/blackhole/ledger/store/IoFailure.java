package blackhole.ledger.store;

import blackhole.ledger.call.LedgerException;
import blackhole.ledger.call.LedgerException.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What an error of the file system means to a caller. */
final class IoFailure {
  private static final System.Logger LOG = System.getLogger(IoFailure.class.getName());

  /** As the C library words them: there is no space, no quota, or the file may not grow. */
  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "quota exceeded", "File too large");

  /** A disk with less is full, in whatever language the error was worded. */
  private static final long NOTHING_LEFT = 64 << 10;

  private IoFailure() {}

  /**
   * @param directory on the file system that failed
   */
  static LedgerException of(IOException e, Path directory) {
    String text = text(e);
    LOG.log(System.Logger.Level.WARNING, "the store failed: {0}", e.toString());
    if (FULL.stream().anyMatch(text::contains) || isFull(directory)) {
      return new LedgerException(Reason.DISK_FULL, "the disk is full", e);
    }
    return new LedgerException(Reason.STORE_UNAVAILABLE, "the store failed (" + text + ")", e);
  }

  /** Without the path, which is none of a caller's business. */
  private static String text(IOException e) {
    String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return text == null ? e.getClass().getSimpleName() : text;
  }

  private static boolean isFull(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace() < NOTHING_LEFT;
    } catch (IOException e) {
      return false;
    }
  }
}
