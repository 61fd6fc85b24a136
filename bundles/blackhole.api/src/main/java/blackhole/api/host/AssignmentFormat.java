package blackhole.api.host;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The text of an {@link AssignmentFile}. Problems of the text are IllegalArgumentExceptions. */
final class AssignmentFormat {
  private static final String FORMAT = "1";
  private static final String CUSTOM = "custom.";
  private static final String BUNDLE = "bundle.";
  private static final String SECRET = "secret.";
  private static final String TLS_CERTIFICATE = "tls_certificate";
  private static final String TLS_KEY = "tls_key";
  private static final String TLS_AUTHORITY = "tls_certificate_authority";

  private AssignmentFormat() {}

  static String format(Assignment assignment) {
    StringBuilder out = new StringBuilder(1024);
    line(out, "format", FORMAT);
    line(out, "host_id", assignment.hostId());
    line(out, "home", assignment.home().toString());
    line(out, "node_id", assignment.nodeId());
    line(out, "service", assignment.service());
    line(out, "instance", Integer.toString(assignment.instance()));
    line(out, "socket", assignment.socket().toString());
    line(out, "link", assignment.link().toString());
    integer(out, "port", assignment.port());
    for (int i = 0; i < assignment.bundles().size(); i++) {
      line(out, BUNDLE + i, assignment.bundles().get(i).toString());
    }
    line(out, "symbolic_name", assignment.symbolicName());
    // sorted, so that the same assignment gives the same bytes
    new TreeMap<>(assignment.custom())
        .forEach((key, value) -> line(out, CUSTOM + key, TypedValue.format(value)));
    optional(out, "data_directory", assignment.dataDirectory());
    optional(out, "control_socket", assignment.controlSocket());
    line(out, "log", assignment.log().toString());
    optional(out, "output", assignment.output());
    assignment.tls().ifPresent(tls -> tls(out, tls));
    line(out, "max_message_size_bytes", Integer.toString(assignment.maxMessageSizeBytes()));
    integer(out, "rate_limit", assignment.rateLimit());
    line(out, "drain_timeout", assignment.drainTimeout().toString());
    line(out, "orphan_timeout", assignment.orphanTimeout().toString());
    for (int i = 0; i < assignment.secrets().size(); i++) {
      line(out, SECRET + i, assignment.secrets().get(i));
    }
    return out.toString();
  }

  static Assignment parse(String text) {
    Fields fields = new Fields(text);
    String format = fields.text("format");
    if (!format.equals(FORMAT)) {
      throw new IllegalArgumentException(
          " format " + format + " is not known to this release, which reads " + FORMAT);
    }
    Assignment assignment =
        new Assignment(
            fields.text("host_id"),
            fields.path("home"),
            fields.text("node_id"),
            fields.text("service"),
            fields.integer("instance"),
            fields.path("socket"),
            fields.path("link"),
            fields.optionalInteger("port"),
            fields.bundles(),
            fields.text("symbolic_name"),
            fields.custom(),
            fields.optionalPath("data_directory"),
            fields.optionalPath("control_socket"),
            fields.path("log"),
            fields.optionalPath("output"),
            fields.tls(),
            fields.integer("max_message_size_bytes"),
            fields.optionalInteger("rate_limit"),
            fields.duration("drain_timeout"),
            fields.duration("orphan_timeout"),
            fields.secrets());
    fields.refuseRest();
    return assignment;
  }

  private static void optional(StringBuilder out, String key, Optional<Path> path) {
    path.ifPresent(value -> line(out, key, value.toString()));
  }

  private static void integer(StringBuilder out, String key, OptionalInt number) {
    number.ifPresent(value -> line(out, key, Integer.toString(value)));
  }

  private static void tls(StringBuilder out, TlsFiles tls) {
    line(out, TLS_CERTIFICATE, tls.certificate().toString());
    line(out, TLS_KEY, tls.key().toString());
    line(out, TLS_AUTHORITY, tls.certificateAuthority().toString());
  }

  private static void line(StringBuilder out, String key, String value) {
    Escapes.escape(out, key, '=');
    out.append('=');
    Escapes.escape(out, value, '\n');
    out.append('\n');
  }

  /** The lines of a file by key; each is taken once, and what is left over is unknown. */
  private static final class Fields {
    private final Map<String, Field> byKey = new LinkedHashMap<>();

    Fields(String text) {
      int number = 1;
      for (int start = 0; start < text.length(); number++) {
        int end = text.indexOf('\n', start);
        if (end < 0) {
          throw new IllegalArgumentException(number + ": the file ends in the middle of a line");
        }
        add(text.substring(start, end), number);
        start = end + 1;
      }
    }

    private void add(String line, int number) {
      int separator = Escapes.indexOf(line, '=');
      if (separator < 0) {
        throw new IllegalArgumentException(number + ": expected key=value");
      }
      try {
        String key = Escapes.unescape(line.substring(0, separator));
        Field field = new Field(number, Escapes.unescape(line.substring(separator + 1)));
        Field earlier = byKey.putIfAbsent(key, field);
        if (earlier != null) {
          throw new IllegalArgumentException(key + " stands on line " + earlier.line + " already");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(number + ": " + e.getMessage(), e);
      }
    }

    boolean has(String key) {
      return byKey.containsKey(key);
    }

    private Field take(String key) {
      @Nullable Field field = byKey.remove(key);
      if (field == null) {
        throw new IllegalArgumentException(" " + key + " is missing");
      }
      return field;
    }

    String text(String key) {
      return take(key).value;
    }

    int integer(String key) {
      Field field = take(key);
      try {
        return Integer.parseInt(field.value);
      } catch (NumberFormatException e) {
        throw field.problem(key, "is not a whole number", e);
      }
    }

    Path path(String key) {
      Field field = take(key);
      try {
        return Path.of(field.value);
      } catch (InvalidPathException e) {
        throw field.problem(key, "is not a path", e);
      }
    }

    Optional<Path> optionalPath(String key) {
      return has(key) ? Optional.of(path(key)) : Optional.empty();
    }

    OptionalInt optionalInteger(String key) {
      return has(key) ? OptionalInt.of(integer(key)) : OptionalInt.empty();
    }

    Optional<TlsFiles> tls() {
      return has(TLS_CERTIFICATE)
          ? Optional.of(new TlsFiles(path(TLS_CERTIFICATE), path(TLS_KEY), path(TLS_AUTHORITY)))
          : Optional.empty();
    }

    Duration duration(String key) {
      Field field = take(key);
      try {
        return Duration.parse(field.value);
      } catch (java.time.format.DateTimeParseException e) {
        throw field.problem(key, "is not an ISO 8601 duration", e);
      }
    }

    List<Path> bundles() {
      List<Path> bundles = new ArrayList<>();
      while (has(BUNDLE + bundles.size())) {
        bundles.add(path(BUNDLE + bundles.size()));
      }
      return bundles;
    }

    List<String> secrets() {
      List<String> secrets = new ArrayList<>();
      while (has(SECRET + secrets.size())) {
        secrets.add(text(SECRET + secrets.size()));
      }
      return secrets;
    }

    Map<String, Object> custom() {
      Map<String, Object> custom = new HashMap<>();
      for (var each : byKey.entrySet()) {
        if (each.getKey().startsWith(CUSTOM)) {
          custom.put(
              each.getKey().substring(CUSTOM.length()), each.getValue().typed(each.getKey()));
        }
      }
      byKey.keySet().removeIf(key -> key.startsWith(CUSTOM));
      return custom;
    }

    void refuseRest() {
      for (var each : byKey.entrySet()) {
        throw new IllegalArgumentException(
            each.getValue().line + ": " + each.getKey() + " is not a key of an assignment");
      }
    }
  }

  private record Field(int line, String value) {
    Object typed(String key) {
      try {
        return TypedValue.parse(value);
      } catch (IllegalArgumentException e) {
        throw problem(key, e.getMessage(), e);
      }
    }

    IllegalArgumentException problem(String key, @Nullable String what, Throwable cause) {
      return new IllegalArgumentException(line + ": " + key + ": '" + value + "' " + what, cause);
    }
  }
}
