package blackhole.ledger.store;

import blackhole.ledger.entry.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads entries, and compares them with what the index says. Each reader has a channel of its own:
 * one that is interrupted closes its channel, and nobody else's. Used by one thread.
 */
final class EntryReader implements AutoCloseable {
  private final FileChannel channel;

  /** An entry, or what is wrong with it. */
  record Result(Optional<Entry> entry, Optional<Damage> damage) {}

  private EntryReader(FileChannel channel) {
    this.channel = channel;
  }

  static EntryReader open(Path directory) throws IOException {
    return new EntryReader(FileChannel.open(directory.resolve(EntryFile.NAME)));
  }

  /** An entry whose bytes are those that its hash was made of. */
  Result read(Located located) throws IOException {
    Result result = decode(located);
    if (result.entry().isPresent() && !result.entry().get().leaf().equals(located.leaf())) {
      return damaged(located, "its hash is not the one that was recorded");
    }
    return result;
  }

  /** An entry as it stands in the log, wherever its hash is from. */
  Result decode(Located located) throws IOException {
    if (located.size() < Frame.HEADER || located.size() > Frame.MAX_SIZE) {
      return damaged(located, "the index gives it a size of " + located.size());
    }
    ByteBuffer bytes = ByteBuffer.allocate(located.size());
    EntryFile.read(channel, bytes, located.offset());
    if (bytes.hasRemaining()) {
      return damaged(located, "the file ends " + bytes.remaining() + " bytes before its end");
    }
    if (Frame.size(bytes.array(), 0) != located.size()) {
      return damaged(located, "its length is not the one that was recorded");
    }
    try {
      Entry entry = Frame.decode(bytes.array(), 0, located.size()).entry();
      return entry.index() == located.index()
          ? new Result(Optional.of(entry), Optional.empty())
          : damaged(located, "it says that it is entry " + entry.index());
    } catch (Frame.BrokenException e) {
      return damaged(located, String.valueOf(e.getMessage()));
    }
  }

  private static Result damaged(Located located, String description) {
    return new Result(
        Optional.empty(),
        Optional.of(new Damage(EntryFile.NAME, located.offset(), located.index(), description)));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
