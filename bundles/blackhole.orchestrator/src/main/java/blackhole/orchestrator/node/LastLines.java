package blackhole.orchestrator.node;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The last lines of files that may be large, binary, or gone. */
final class LastLines {
  private static final int READ_BYTES = 16 << 10;
  private static final int LINE_CHARS = 500;

  private LastLines() {}

  /** The last lines of each file in turn, at most this many of each; no file counts as empty. */
  static List<String> of(int count, Path... files) {
    List<String> lines = new ArrayList<>();
    for (Path file : files) {
      lines.addAll(tail(file, count));
    }
    return lines;
  }

  private static List<String> tail(Path file, int count) {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
      long length = opened.length();
      int wanted = (int) Math.min(READ_BYTES, length);
      byte[] bytes = new byte[wanted];
      opened.seek(length - wanted);
      opened.readFully(bytes);
      List<String> lines = printable(bytes).lines().filter(line -> !line.isBlank()).toList();
      return lines.subList(Math.max(0, lines.size() - count), lines.size()).stream()
          .map(line -> line.length() > LINE_CHARS ? line.substring(0, LINE_CHARS) + "…" : line)
          .toList();
    } catch (IOException e) {
      return List.of("(" + file.getFileName() + " cannot be read: " + e.getMessage() + ")");
    }
  }

  /** What a terminal may be shown: control characters of a binary flood become dots. */
  private static String printable(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      safe.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '.' : c);
    }
    return safe.toString();
  }
}
