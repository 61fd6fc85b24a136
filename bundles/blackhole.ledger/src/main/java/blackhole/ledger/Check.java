package blackhole.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.ledger.call.LedgerException;
import blackhole.ledger.call.LedgerException.Violation;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a request, field by field. Used by one thread. */
final class Check {
  private final List<Violation> violations = new ArrayList<>();

  /** A text of so many bytes, without control characters. */
  Check text(String field, String value, int min, int max) {
    int bytes = value.getBytes(UTF_8).length;
    if (bytes < min || bytes > max) {
      violation(
          field,
          (bytes == 0 ? "is empty" : "has " + bytes + " bytes") + expected(min, max, "bytes"));
    } else if (value.codePoints().anyMatch(Character::isISOControl)) {
      violation(field, "has a control character");
    }
    return this;
  }

  Check size(String field, long bytes, long max, String setting) {
    if (bytes > max) {
      violation(field, "has " + bytes + " bytes, expected at most " + max + " (" + setting + ")");
    }
    return this;
  }

  Check atLeast(String field, long value, long min) {
    if (value < min) {
      violation(field, "is " + value + ", expected at least " + min);
    }
    return this;
  }

  Check that(boolean holds, String field, String description) {
    if (!holds) {
      violation(field, description);
    }
    return this;
  }

  private static String expected(int min, int max, String unit) {
    return ", expected " + (min == 0 ? "at most " : min + " to ") + max + " " + unit;
  }

  private void violation(String field, String description) {
    violations.add(new Violation(field, description));
  }

  /**
   * @throws LedgerException if anything is wrong
   */
  void passed() {
    if (!violations.isEmpty()) {
      throw LedgerException.invalid(violations);
    }
  }
}
