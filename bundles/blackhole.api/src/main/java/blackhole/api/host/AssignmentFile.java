package blackhole.api.host;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * An {@link Assignment} as a file: one {@code key=value} a line, in UTF-8. Backslash escapes what
 * would end a key or a line. Values of {@code custom} carry their type, as in {@code
 * custom.cache_size=long:67108864}.
 *
 * <p>Reading is strict, since both ends come from the same release: an unknown, missing, repeated
 * or misshapen line is an error that names the file, the line and the key. It is plain string work,
 * because every start of a host waits for it.
 */
public final class AssignmentFile {
  private AssignmentFile() {}

  /**
   * Writes or replaces the file, readable by its owner only; a reader sees the old file or the new
   * one, never a part.
   *
   * @throws IllegalArgumentException when {@code custom} holds a type that an assignment cannot
   */
  public static void write(Path file, Assignment assignment) throws IOException {
    String text = AssignmentFormat.format(assignment);
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(file + ": not a file's path");
    }
    // temporary files are made with mode 0600
    Path temporary = Files.createTempFile(directory, "." + file.getFileName(), ".tmp");
    try {
      Files.writeString(temporary, text, StandardCharsets.UTF_8);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException when the file cannot be read, or is not an assignment; the message names
   *     the file, and the line where there is one
   */
  public static Assignment read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not an assignment (it is not UTF-8 text)", e);
    }
    try {
      return AssignmentFormat.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ":" + e.getMessage(), e);
    }
  }
}
