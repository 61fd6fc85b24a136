package blackhole.indexer.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Blobs in memory, listed two at a time, and away when that is wanted. */
public final class TestBlobs implements BlobSource {
  private static final int PAGE = 2;

  private final NavigableMap<String, byte[]> blobs = new ConcurrentSkipListMap<>();
  private volatile boolean away;

  public void put(String cid, String text) {
    blobs.put(cid, text.getBytes(UTF_8));
  }

  public void delete(String cid) {
    blobs.remove(cid);
  }

  public void setAway(boolean isAway) {
    away = isAway;
  }

  private void check() {
    if (away) {
      throw new UncheckedIOException(new java.io.IOException("nobody there"));
    }
  }

  @Override
  public Page list(String token) {
    check();
    List<Listed> page =
        blobs.tailMap(token, false).entrySet().stream()
            .limit(PAGE)
            .map(blob -> new Listed(blob.getKey(), blob.getValue().length))
            .toList();
    return new Page(page, page.size() < PAGE ? "" : page.get(PAGE - 1).cid());
  }

  @Override
  public Optional<Fetched> fetch(String cid) {
    check();
    return Optional.ofNullable(blobs.get(cid)).map(bytes -> new Fetched(bytes, 1000));
  }

  @Override
  public void close() {
    away = true;
  }
}
