package blackhole.shell.server;

import blackhole.api.host.NodeHome;
import blackhole.api.supervision.AuditTrail;
import blackhole.api.supervision.Handover;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.command.Target;
import blackhole.shell.gogo.Shell;
import blackhole.shell.log.AuditLog;
import java.io.IOException;
import java.time.Clock;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Serves the command line while there is a node to administer. That its socket accepts connections
 * tells the guardian that the orchestrator is up.
 */
@Component(service = ShellServer.class, immediate = true)
public final class ShellServer {
  private final ShellListener listener;
  private final AuditLog audit;

  /**
   * With an audit log that others may write to as well: not all changes are commands.
   *
   * @param handover only because the node publishes it last: what the commands stand on is there,
   *     and so are they, before anybody can ask for one
   */
  @Activate
  public ShellServer(
      BundleContext context,
      @Reference Supervisor supervisor,
      @Reference NodeConfiguration configuration,
      @Reference Shell shell,
      @Reference Handover handover)
      throws IOException {
    this(supervisor, configuration, shell);
    // goes with the bundle, and is of use until then
    ServiceRegistration<AuditTrail> unused = context.registerService(AuditTrail.class, audit, null);
  }

  /** For commands alone. */
  public ShellServer(Supervisor supervisor, NodeConfiguration configuration, Shell shell)
      throws IOException {
    NodeHome home = NodeHome.of(configuration.home());
    home.create();
    audit = new AuditLog(home.auditLog(), Clock.systemUTC(), System.getProperty("user.name", ""));
    shell.auditBy(audit);
    listener =
        new ShellListener(
            home.shellSocket(),
            new Sessions(
                shell::runtime,
                () -> Target.names(supervisor.instances()),
                home,
                configuration.nodeId()));
    listener.open();
  }

  @Deactivate
  void stop() {
    listener.close();
  }
}
