package blackhole.events.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The groups' positions, in a file that is replaced as a whole: a line each, with a checksum at its
 * end. For one thread at a time.
 */
final class GroupFile {
  private static final System.Logger LOG = System.getLogger(GroupFile.class.getName());
  private static final int FIELDS = 7;

  private final Path file;
  private int unreadable;

  GroupFile(Path file) {
    this.file = file;
  }

  /** Those that can be read. */
  List<GroupState> load() throws IOException {
    List<GroupState> groups = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readString(file, UTF_8).lines().toList()) {
        GroupState group = parse(line);
        if (group == null) {
          unreadable++;
          LOG.log(Level.ERROR, "{0}: a group is left out, as its line is damaged", file);
        } else {
          groups.add(group);
        }
      }
    }
    return groups;
  }

  /** How many could not be read. */
  int unreadable() {
    return unreadable;
  }

  /** Replaces the file, and returns when it is on disk. */
  void save(List<GroupState> groups) throws IOException {
    StringBuilder text = new StringBuilder();
    groups.forEach(group -> text.append(line(group)).append('\n'));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = UTF_8.encode(text.toString());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String line(GroupState group) {
    String fields =
        String.join(
            " ",
            group.name(),
            group.types().toString(),
            group.policy().name(),
            Integer.toString(group.buffer()),
            Long.toString(group.position()),
            Long.toString(group.lastUsedMillis()));
    return fields + " " + checksum(fields);
  }

  private static String checksum(String fields) {
    CRC32C checksum = new CRC32C();
    checksum.update(fields.getBytes(UTF_8));
    return Long.toHexString(checksum.getValue());
  }

  private static @Nullable GroupState parse(String line) {
    String[] fields = line.split(" ", -1);
    if (fields.length != FIELDS
        || !checksum(line.substring(0, line.lastIndexOf(' '))).equals(fields[FIELDS - 1])) {
      return null;
    }
    try {
      return new GroupState(
          fields[0],
          TypePattern.of(fields[1]),
          SlowPolicy.valueOf(fields[2]),
          Integer.parseInt(fields[3]),
          Long.parseLong(fields[4]),
          Long.parseLong(fields[5]));
    } catch (IllegalArgumentException e) {
      return null; // of a version that knows more
    }
  }
}
