package blackhole.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Who holds a lock. The kernel's own list says so without touching the lock, and without trust in
 * what an earlier holder wrote into the file; where it can't be read, the file has to do.
 */
final class LockHolder {
  private static final Path KERNEL_LOCKS = Path.of("/proc/locks");

  private LockHolder() {}

  /** The holder's PID, or 0 when nobody holds it. */
  static long pid(Path lock) throws IOException {
    if (!Files.exists(lock)) {
      return 0;
    }
    if (!Files.isReadable(KERNEL_LOCKS)) {
      long written = written(lock);
      return ProcessHandle.of(written).isPresent() ? written : 0;
    }
    long holder = find(Files.readAllLines(KERNEL_LOCKS), inode(lock));
    // 0 and below: it lives in another PID namespace, and only its own word is left.
    return holder == NOT_SEEN ? Math.max(written(lock), 1) : holder;
  }

  /** Whether the holder is who the file says: a node, and not somebody who is about to let go. */
  static boolean isSettled(Path lock) throws IOException {
    return pid(lock) == written(lock) && written(lock) > 0;
  }

  static final long NOT_SEEN = -1;

  /**
   * The PID that holds a write lock on this inode: from lines such as {@code 1: POSIX ADVISORY
   * WRITE 4711 fe:01:131074 0 EOF}. Waiters have {@code ->} after the number.
   */
  static long find(List<String> locks, String inode) {
    for (String line : locks) {
      String[] fields = line.trim().split(" +", -1);
      if (fields.length > 5
          && fields[1].equals("POSIX")
          && fields[3].equals("WRITE")
          && fields[5].endsWith(":" + inode)) {
        long pid = Long.parseLong(fields[4]);
        return pid > 0 ? pid : NOT_SEEN;
      }
    }
    return 0;
  }

  private static String inode(Path lock) throws IOException {
    return Files.getAttribute(lock, "unix:ino").toString();
  }

  private static long written(Path lock) throws IOException {
    try {
      String text = Files.readString(lock, StandardCharsets.US_ASCII).strip();
      return text.matches("[1-9][0-9]{0,17}") ? Long.parseLong(text) : 0;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
