package blackhole.identity.account;

import blackhole.identity.call.IdentityException.Violation;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A user name: 1 to 64 characters, each a letter, a digit, an accent or one of {@code . _ - + @}.
 * It is kept in Unicode's compatibility form (NFKC); two names are the same if they differ in
 * nothing but case.
 *
 * @param text as it is shown
 * @param key by which names are told apart
 */
record Username(String text, String key) {
  private static final int MAX_CODE_POINTS = 64;

  /** More than any 64 characters take, however they are written; the rest is never looked at. */
  private static final int MAX_CHARS = 1024;

  /** More than the key of any allowed name; the names of failed logins are remembered by it. */
  private static final int MAX_KEY_CHARS = 512;

  static Username of(String raw) {
    String bounded = raw.length() <= MAX_CHARS ? raw : raw.substring(0, MAX_CHARS);
    String text = Normalizer.normalize(bounded, Normalizer.Form.NFKC);
    // up and down: a poor man's case folding, which makes ß and SS one; the root locale, or a
    // Turkish machine would tell Ali from ALI
    String folded = text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    String key = Normalizer.normalize(folded, Normalizer.Form.NFKC);
    return new Username(
        text, key.length() <= MAX_KEY_CHARS ? key : key.substring(0, MAX_KEY_CHARS));
  }

  /** What is wrong with it as a new name. */
  Optional<Violation> violation() {
    if (text.isEmpty()) {
      return violation("must not be empty");
    }
    if (text.codePointCount(0, text.length()) > MAX_CODE_POINTS) {
      return violation("must have at most " + MAX_CODE_POINTS + " characters");
    }
    if (!text.codePoints().allMatch(Username::isAllowed)) {
      return violation("may have only letters, digits and . _ - + @");
    }
    return Optional.empty();
  }

  private static Optional<Violation> violation(String description) {
    return Optional.of(new Violation("username", description));
  }

  private static boolean isAllowed(int codePoint) {
    return Character.isLetterOrDigit(codePoint)
        || MARKS.contains(Character.getType(codePoint))
        || "._-+@".indexOf(codePoint) >= 0;
  }

  private static final List<Integer> MARKS =
      List.of((int) Character.NON_SPACING_MARK, (int) Character.COMBINING_SPACING_MARK);
}
