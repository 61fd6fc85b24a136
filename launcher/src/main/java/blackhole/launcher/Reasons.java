package blackhole.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What went wrong, in words: the JDK's messages for files are often just the path. */
final class Reasons {
  private Reasons() {}

  static String of(IOException e) {
    String message = e.getMessage();
    if (e instanceof FileSystemException files && files.getReason() == null) {
      if (e instanceof AccessDeniedException) {
        return message + ": permission denied";
      }
      if (e instanceof NoSuchFileException) {
        return message + ": no such file or directory";
      }
      return message + ": " + e.getClass().getSimpleName();
    }
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
