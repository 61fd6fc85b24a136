package blackhole.orchestrator.config.schema;

import blackhole.orchestrator.config.HostAndPort;
import java.util.List;

/** {@code remote:}, a list of other nodes; in paths, each goes by its number from 0. */
public final class RemoteKeys {
  public static final String SECTION = "remote";
  public static final String SERVICES_SECTION = "remote.*.services";

  /** More would be a fleet, which a list in a file is no way to run. */
  public static final int MAX_NODES = 100;

  static final NameRule NUMBERS = new NameRule("[0-9]+", "a number", List.of());

  public static final Key<String> NODE_ID =
      Key.withoutDefault(
          "remote.*.node_id",
          new TextType(
              "[A-Za-z0-9][A-Za-z0-9.-]{0,62}",
              "the node.id of the other node: letters, digits, hyphens and dots (at most 63)"),
          "refused: its certificate must be for this name");

  public static final Key<String> CERTIFICATE_AUTHORITY =
      Key.withoutDefault(
          "remote.*.certificate_authority",
          Types.PEM_PATH,
          "the other node's certificate is signed by this node's authority");

  public static final Key<HostAndPort> ADDRESS =
      Key.withoutDefault(
          "remote.*.services.*",
          new AddressType(),
          "that service is not called there; each node needs at least one");

  static final List<Key<?>> ALL = List.of(NODE_ID, CERTIFICATE_AUTHORITY, ADDRESS);

  private RemoteKeys() {}
}
