package blackhole.testkit;

/**
 * Configurations without warm spares and without the port of the metrics, unless they say something
 * of them themselves: a test that is about neither should not see them, pay for JVMs, or meet
 * another at the port.
 */
final class QuietDefaults {
  private QuietDefaults() {}

  static String in(String yaml) {
    String spares =
        yaml.contains("warm_spares") ? yaml : with(yaml, "supervisor:", "warm_spares: 0");
    return yaml.contains("metrics:")
        ? spares
        : with(spares, "node:", "metrics: { enabled: false }");
  }

  private static String with(String yaml, String section, String setting) {
    int begin = yaml.startsWith(section) ? 0 : yaml.indexOf("\n" + section) + 1;
    if (begin == 0 && !yaml.startsWith(section)) {
      return yaml + (yaml.endsWith("\n") ? "" : "\n") + section + " { " + setting + " }\n";
    }
    int after = begin + section.length();
    int brace = yaml.indexOf('{', after);
    int line = yaml.indexOf('\n', after);
    if (brace >= 0 && (line < 0 || brace < line)) {
      return yaml.substring(0, brace + 1) + " " + setting + "," + yaml.substring(brace + 1);
    }
    // keys of one block stand in one column
    String next = yaml.substring(line + 1);
    String indent = next.substring(0, next.length() - next.stripLeading().length());
    return yaml.substring(0, line + 1) + indent + setting + "\n" + next;
  }
}
