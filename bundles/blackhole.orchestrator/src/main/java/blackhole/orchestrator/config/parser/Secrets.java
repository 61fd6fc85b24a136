package blackhole.orchestrator.config.parser;

import blackhole.api.host.Redaction;
import blackhole.orchestrator.config.ServiceConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The resolved secrets of a configuration: to take them out of a text, never to print them.
 * Immutable.
 */
public final class Secrets {
  /** No secrets at all. */
  public static final Secrets NONE = new Secrets(List.of());

  private final Set<String> values;
  private final Redaction redaction;

  Secrets(Collection<String> values) {
    this(values, Redaction.NONE.and(values));
  }

  private Secrets(Collection<String> values, Redaction redaction) {
    this.values = Set.copyOf(values);
    this.redaction = redaction;
  }

  /** These and others. */
  public Secrets and(Secrets others) {
    Set<String> all = new HashSet<>(values);
    all.addAll(others.values);
    return new Secrets(all, redaction.and(others.values));
  }

  /** The text with each secret (of four characters or more) hidden. */
  public String redact(String text) {
    return redaction.apply(text);
  }

  /** In clear, and in order: for who must hide them, and who must be given them. */
  public List<String> values() {
    return values.stream().sorted().toList();
  }

  /** Those that these settings of a service hold. */
  public List<String> in(ServiceConfig service) {
    List<String> texts = new ArrayList<>(service.jvmArgs());
    service.custom().values().forEach(value -> texts.add(String.valueOf(value)));
    return values().stream()
        .filter(value -> texts.stream().anyMatch(text -> text.contains(value)))
        .toList();
  }

  @Override
  public String toString() {
    return "Secrets[" + values.size() + "]";
  }
}
