package blackhole.host;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** This process's file descriptors, as Linux tells of them. */
final class ProcFiles implements OpenFiles.Table {
  private static final Pattern LIMIT = Pattern.compile("(?m)^Max open files\\s+(\\d+)\\s");
  private static final File OPEN = new File("/proc/self/fd");

  @Override
  public void probe() throws IOException {
    new FileInputStream("/dev/null").close();
  }

  @Override
  public OptionalLong limit() {
    try {
      Matcher matcher = LIMIT.matcher(Files.readString(Path.of("/proc/self/limits")));
      return matcher.find()
          ? OptionalLong.of(Long.parseLong(matcher.group(1)))
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public OptionalLong open() {
    String @Nullable [] names = OPEN.list();
    // one of them was open for the look itself
    return names == null ? OptionalLong.empty() : OptionalLong.of(names.length - 1L);
  }
}
