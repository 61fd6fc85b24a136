package blackhole.orchestrator.tls;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this machine is reached. */
public final class Machine {
  public static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  /** Machines that run containers have hundreds, which nobody calls a node by. */
  private static final int MAX_ADDRESSES = 64;

  private Machine() {}

  /** The loopback's names, the host's own, and its addresses, as far as they can be found out. */
  public static List<String> hosts() {
    List<String> hosts = new ArrayList<>(LOOPBACK);
    try {
      // not InetAddress.getLocalHost: it asks name servers, which may take their time
      String name = Files.isReadable(HOST_NAME) ? Files.readString(HOST_NAME).strip() : "";
      if (HostNames.allows(name)) {
        hosts.add(name);
      }
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .limit(MAX_ADDRESSES)
          .forEach(address -> hosts.add(text(address)));
    } catch (IOException e) {
      // a certificate without them serves all who call the node by its id
    }
    return hosts;
  }

  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    // without the interface that it belongs to
    return address instanceof Inet6Address ? text.replaceFirst("%.*", "") : text;
  }
}
