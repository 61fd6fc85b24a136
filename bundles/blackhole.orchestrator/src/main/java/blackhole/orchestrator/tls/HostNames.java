package blackhole.orchestrator.tls;

import java.util.regex.Pattern;

/** Names that a certificate can be for, and that TLS can ask for. */
public final class HostNames {
  public static final String EXPECTED =
      "letters, digits and hyphens, in parts between dots (at most 63)";

  private static final Pattern NAME =
      Pattern.compile(
          "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

  /** What ends in a number is taken for an address, and looked up among those. */
  private static final Pattern ADDRESS = Pattern.compile("(.*\\.)?[0-9]+");

  /** Of a certificate's common name; and a part of a host name can't be longer. */
  private static final int MAX_LENGTH = 63;

  private HostNames() {}

  /** Whether a node can go by this name in its certificate. */
  public static boolean allows(String name) {
    return name.length() <= MAX_LENGTH
        && NAME.matcher(name).matches()
        && !(name.contains(".") && ADDRESS.matcher(name).matches());
  }
}
