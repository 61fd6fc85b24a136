package blackhole.storage;

import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Reason;
import blackhole.storage.call.StorageException.Violation;
import blackhole.storage.cid.Cid;
import blackhole.storage.v1.GetRequest;
import blackhole.storage.v1.ListRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks requests, every field of them, and gives what the store wants. */
final class Requests {
  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1000;

  /**
   * @param offset of the first byte
   * @param length how many bytes at most
   */
  record Range(Cid cid, long offset, long length) {}

  /**
   * @param after the last name of the page before; empty on the first
   */
  record Page(int size, String after) {}

  private final List<Violation> violations = new ArrayList<>();
  private Reason reason = Reason.INVALID_CID;

  private Requests() {}

  /**
   * @throws StorageException for a request that is not valid
   */
  static Range range(GetRequest request) {
    Requests check = new Requests();
    Cid cid = check.cid("cid", request.getCid());
    check.notNegative("offset", request.getOffset());
    check.notNegative("length", request.getLength());
    if (cid == null || !check.violations.isEmpty()) {
      throw check.failure();
    }
    return new Range(
        cid, request.getOffset(), request.getLength() == 0 ? Long.MAX_VALUE : request.getLength());
  }

  /**
   * The name in a field.
   *
   * @throws StorageException {@link Reason#INVALID_CID}
   */
  static Cid name(String field, String text) {
    Requests check = new Requests();
    Cid cid = check.cid(field, text);
    if (cid == null) {
      throw check.failure();
    }
    return cid;
  }

  /**
   * @throws StorageException for a request that is not valid
   */
  static Page page(ListRequest request) {
    Requests check = new Requests();
    check.notNegative("page_size", request.getPageSize());
    String after = request.getPageToken();
    check.require(
        after.isEmpty() || Cid.isValid(after),
        "page_token",
        "is not the next_page_token of an answer");
    if (!check.violations.isEmpty()) {
      throw check.failure();
    }
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
    return new Page(Math.min(LARGEST_PAGE, size), after);
  }

  private @Nullable Cid cid(String field, String text) {
    try {
      return Cid.parse(text);
    } catch (StorageException e) {
      violations.add(new Violation(field, (text.isEmpty() ? "is empty: " : "") + e.getMessage()));
      return null;
    }
  }

  private void notNegative(String field, long value) {
    require(value >= 0, field, "must not be negative");
  }

  private void require(boolean holds, String field, String otherwise) {
    if (!holds) {
      reason = Reason.INVALID_REQUEST;
      violations.add(new Violation(field, otherwise));
    }
  }

  private StorageException failure() {
    return StorageException.invalid(reason, violations);
  }
}
