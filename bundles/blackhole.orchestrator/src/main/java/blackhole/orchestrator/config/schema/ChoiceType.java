package blackhole.orchestrator.config.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One of a few words. */
public record ChoiceType<T>(Map<String, T> choices) implements ScalarType<T> {
  public ChoiceType {
    choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
  }

  /** The words are the constants' names in lower case. */
  @SafeVarargs
  static <E extends Enum<E>> ChoiceType<E> of(E... constants) {
    Map<String, E> choices = new LinkedHashMap<>();
    for (E constant : constants) {
      choices.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return new ChoiceType<>(choices);
  }

  @Override
  public String expectation() {
    List<String> words = new ArrayList<>(choices.keySet());
    String last = words.remove(words.size() - 1);
    return String.join(", ", words) + " or " + last;
  }

  @Override
  public T parse(Scalar scalar) throws ValueException {
    T value = choices.get(scalar.text());
    if (value != null && scalar.isText()) {
      return value;
    }
    Optional<String> near =
        scalar.kind() == Scalar.Kind.REFERENCE
            ? Optional.empty()
            : Suggestions.closest(scalar.text(), choices.keySet());
    throw scalar.refuse(
        "is not a choice here",
        expectation() + near.map(word -> "; did you mean " + word + "?").orElse(""));
  }
}
