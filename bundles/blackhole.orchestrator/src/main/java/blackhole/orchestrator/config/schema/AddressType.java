package blackhole.orchestrator.config.schema;

import blackhole.orchestrator.config.HostAndPort;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host and a port; an address of IPv6 stands in brackets. */
public record AddressType() implements ScalarType<HostAndPort> {
  private static final String NAME =
      "[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*";
  private static final String IPV6 = "\\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]";

  /** All but the range of the port. */
  public static final String PATTERN =
      "(" + NAME + "|" + IPV6.replace("*]", "*\\]") + "):[0-9]{1,5}";

  private static final Pattern PARTS = Pattern.compile("(.*):([^:]*)", Pattern.DOTALL);
  private static final Pattern HOST = Pattern.compile(NAME + "|" + IPV6);
  private static final String FORM = "a host and a port such as node-b.example:50002";
  private static final int MAX_HOST = 253;
  private static final BigInteger MAX_PORT = BigInteger.valueOf(65535);

  @Override
  public String expectation() {
    return FORM;
  }

  @Override
  public HostAndPort parse(Scalar scalar) throws ValueException {
    String text = scalar.text();
    if (text.contains("://")) {
      throw scalar.refuse("is a URL", FORM);
    }
    Matcher parts = PARTS.matcher(text);
    if (!scalar.isText() || !parts.matches() || text.endsWith("]")) {
      throw scalar.refuse("has no port", FORM);
    }
    String host = parts.group(1);
    if (host.length() > MAX_HOST || !HOST.matcher(host).matches()) {
      String brackets = host.contains(":") ? "; an address of IPv6 needs brackets" : "";
      throw scalar.refuse("has no valid host", FORM + brackets);
    }
    return new HostAndPort(host.replaceAll("[\\[\\]]", ""), port(scalar, parts.group(2)));
  }

  private static int port(Scalar scalar, String text) throws ValueException {
    Optional<BigInteger> port =
        text.matches("[0-9]+") ? CoreNumbers.integer(text) : Optional.empty();
    if (port.isEmpty() || port.get().signum() == 0 || port.get().compareTo(MAX_PORT) > 0) {
      throw scalar.refuse("has no valid port", "one from 1 to 65535");
    }
    return port.get().intValueExact();
  }
}
