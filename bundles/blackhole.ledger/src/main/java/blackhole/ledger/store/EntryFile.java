package blackhole.ledger.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The log's file: 16 bytes that say what it is, then one frame after the other. */
final class EntryFile implements AutoCloseable {
  static final String NAME = "entries.log";

  /** Where the first frame is. */
  static final int BEGIN = 16;

  /** A name, and the version of what follows. */
  private static final byte[] MAGIC = "BHLEDGER\0\0\0\1\0\0\0\0".getBytes(US_ASCII);

  private final FileChannel channel;

  private EntryFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens the file for the one who writes it, and makes it if it is not there.
   *
   * @throws IOException also if it is not such a file
   */
  static EntryFile open(Path directory) throws IOException {
    Path path = directory.resolve(NAME);
    EntryFile file =
        new EntryFile(
            FileChannel.open(
                path,
                Set.of(
                    StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------"))));
    try {
      file.begin(path);
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** A file that a crash left without all of its first bytes has no entry yet. */
  private void begin(Path path) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(BEGIN);
    read(channel, head, 0);
    byte[] there = new byte[head.flip().remaining()];
    head.get(there);
    if (there.length < BEGIN && ByteBuffer.wrap(MAGIC, 0, there.length).equals(wrap(there))) {
      write(MAGIC, 0);
      sync();
      try (FileChannel folder = FileChannel.open(path.toAbsolutePath().getParent())) {
        folder.force(true);
      }
    } else if (!wrap(there).equals(wrap(MAGIC))) {
      throw new IOException(
          path
              + " is damaged in its first "
              + BEGIN
              + " bytes, or is no ledger of this version; restore it from a backup");
    }
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes);
  }

  /** Whether the file begins as it should. */
  static boolean isSound(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory.resolve(NAME))) {
      ByteBuffer head = ByteBuffer.allocate(BEGIN);
      read(channel, head, 0);
      return head.flip().equals(wrap(MAGIC));
    }
  }

  long size() throws IOException {
    return channel.size();
  }

  void write(byte[] bytes, long offset) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      int unused = channel.write(rest, offset + rest.position());
    }
  }

  void sync() throws IOException {
    channel.force(false);
  }

  void truncate(long size) throws IOException {
    channel.truncate(size);
    channel.force(false);
  }

  /** As many bytes as there are, up to these. */
  byte[] read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    read(channel, bytes, offset);
    byte[] read = new byte[bytes.flip().remaining()];
    bytes.get(read);
    return read;
  }

  static void read(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
    while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
      // on
    }
  }

  static long size(Path directory) throws IOException {
    return Files.size(directory.resolve(NAME));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
