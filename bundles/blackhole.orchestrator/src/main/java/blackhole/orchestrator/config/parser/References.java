package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.ValueException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${env:NAME}} and {@code ${file:PATH}} in a value; two dollar signs before a brace
 * stand for a plain one. A file's path is relative to the configuration's folder, and the line
 * break at its end is not part of the secret.
 */
final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\$?\\$\\{([^}]*)(}?)");
  private static final Pattern KNOWN = Pattern.compile("(env|file):(.+)", Pattern.DOTALL);
  private static final Pattern LINE_BREAK_AT_END = Pattern.compile("\\r?\\n\\z");

  private final SecretResolver resolver;
  private final Path folder;

  /**
   * @param folder absolute
   */
  References(SecretResolver resolver, Path folder) {
    this.resolver = resolver;
    this.folder = folder;
  }

  Resolved resolve(String text) throws ValueException {
    List<String> secrets = new ArrayList<>();
    StringBuilder resolved = new StringBuilder();
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      boolean escaped = matcher.group().startsWith("$$");
      String replacement = escaped ? matcher.group().substring(1) : secret(matcher);
      if (!escaped) {
        secrets.add(replacement);
      }
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(replacement));
    }
    matcher.appendTail(resolved);
    return new Resolved(resolved.toString(), secrets);
  }

  private String secret(Matcher reference) throws ValueException {
    String shown = Quoting.visible(reference.group());
    Matcher known = KNOWN.matcher(reference.group(1));
    if (reference.group(2).isEmpty() || !known.matches()) {
      throw new ValueException(
          shown
              + " is not a reference, expected ${env:NAME} or ${file:PATH}, or $${ for a plain ${");
    }
    return known.group(1).equals("env")
        ? variable(shown, known.group(2))
        : file(shown, known.group(2));
  }

  private String variable(String shown, String name) throws ValueException {
    return resolver
        .environment(name)
        .orElseThrow(
            () ->
                new ValueException(
                    shown
                        + " has no value, expected the environment variable "
                        + Quoting.visible(name)
                        + " to be set"));
  }

  private String file(String shown, String name) throws ValueException {
    try {
      String content = resolver.file(folder.resolve(name).normalize());
      return LINE_BREAK_AT_END.matcher(content).replaceFirst("");
    } catch (IOException | InvalidPathException e) {
      throw new ValueException(
          shown + " can't be read (" + cause(e) + "), expected a readable text file");
    }
  }

  private static String cause(Exception e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof CharacterCodingException) {
      return "it is not UTF-8";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : Quoting.visible(e.getMessage());
  }

  /**
   * A value without references.
   *
   * @param secrets what took the references' places; empty if there were none
   */
  record Resolved(String text, List<String> secrets) {}
}
