package blackhole.testkit;

/**
 * Configurations without warm spares, unless they say something of them themselves: a test that is
 * not about spares should neither see them nor pay for their JVMs.
 */
final class NoSpares {
  private static final String KEY = "warm_spares";
  private static final String NONE = KEY + ": 0";
  private static final String SECTION = "supervisor:";

  private NoSpares() {}

  static String in(String yaml) {
    if (yaml.contains(KEY)) {
      return yaml;
    }
    int section = yaml.startsWith(SECTION) ? 0 : yaml.indexOf("\n" + SECTION) + 1;
    if (section == 0 && !yaml.startsWith(SECTION)) {
      return yaml + (yaml.endsWith("\n") ? "" : "\n") + SECTION + " { " + NONE + " }\n";
    }
    int after = section + SECTION.length();
    int brace = yaml.indexOf('{', after);
    int line = yaml.indexOf('\n', after);
    if (brace >= 0 && (line < 0 || brace < line)) {
      return yaml.substring(0, brace + 1) + " " + NONE + "," + yaml.substring(brace + 1);
    }
    // keys of one block stand in one column
    String next = yaml.substring(line + 1);
    String indent = next.substring(0, next.length() - next.stripLeading().length());
    return yaml.substring(0, line + 1) + indent + NONE + "\n" + next;
  }
}
