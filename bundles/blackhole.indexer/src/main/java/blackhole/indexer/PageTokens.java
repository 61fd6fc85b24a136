package blackhole.indexer;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.indexer.index.Found.Place;
import com.google.common.hash.Hashing;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a page ended, in a word. It holds for the search that it came from, and for no longer than
 * its sender wants: nothing is kept here.
 */
final class PageTokens {
  private PageTokens() {}

  static String write(Place place, String query, boolean newest) {
    byte[] cid = place.cid().getBytes(UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + Double.BYTES + cid.length);
    bytes.putLong(search(query, newest)).putDouble(place.rank()).put(cid);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /** Empty for one of another search, and for what is none at all. */
  static Optional<Place> read(String token, String query, boolean newest) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
      if (bytes.getLong() != search(query, newest)) {
        return Optional.empty();
      }
      double rank = bytes.getDouble();
      return Optional.of(new Place(rank, UTF_8.decode(bytes).toString()));
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  private static long search(String query, boolean newest) {
    return Hashing.sha256().hashString((newest ? "n" : "b") + query, UTF_8).asLong();
  }
}
