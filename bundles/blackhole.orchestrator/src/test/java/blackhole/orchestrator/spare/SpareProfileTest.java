package blackhole.orchestrator.spare;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.orchestrator.config.JvmFlags;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.parser.Configs;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpareProfileTest {
  private static Optional<String> model(String yaml) {
    NodeConfig config = Configs.valid(yaml);
    return SpareProfile.mostShared(
            config, service -> JvmFlags.of(service.limits(), service.jvmArgs()))
        .map(ServiceConfig::name);
  }

  @Test
  void isTheOneThatMostInstancesShare() {
    assertThat(
            model(
                """
                services:
                  identity: { resource_limits: { max_memory: 1GB } }
                  storage: { instances: 2, resource_limits: { max_memory: 512MB } }
                """))
        .contains("storage");
  }

  @Test
  void ofEqualOnesTheOneWithTheHigherPriority() {
    assertThat(
            model(
                """
                services:
                  storage: { resource_limits: { max_memory: 512MB } }
                  identity: { resource_limits: { max_memory: 1GB } }
                supervisor:
                  resource_policies:
                    critical_services: { members: [identity], cpu_priority_boost: 10 }
                """))
        .contains("identity");
  }

  @Test
  void nearlyEqualMemoryIsOneProfile() {
    assertThat(
            model(
                """
                services:
                  identity: { resource_limits: { max_memory: 1GB } }
                  storage: { resource_limits: { max_memory: 512MB } }
                  other: { bundle: blackhole.storage, resource_limits: { max_memory: 520MB } }
                """))
        .contains("storage");
  }

  @Test
  void whatIsDisabledHasNoSay() {
    assertThat(
            model(
                """
                services:
                  storage: { enabled: false, instances: 2, jvm_args: [-Da=b] }
                  identity: {}
                """))
        .contains("identity");
  }
}
