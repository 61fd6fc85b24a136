package blackhole.orchestrator.config.schema;

import blackhole.orchestrator.config.parser.Configs;
import java.util.List;
import java.util.stream.Stream;

/** Configurations on which the checker and the JSON Schema have to agree. */
final class Samples {
  static final List<String> VALID =
      Stream.concat(
              Stream.of(
                  Configs.resource("design.yaml"),
                  Configs.resource("seed.yaml"),
                  "services: {greeter: {}}",
                  "services:\n  greeter:\n    grpc:\nsupervisor:\nnode:\n",
                  "node: {id: a.B-1, tls: {insecure_loopback: true}}\nservices: {identity: {}}",
                  "node: {metrics: {enabled: false, address: \"::\", port: 1}}\nservices: {identity: {}}",
                  "node: {log_format: json}\nservices: {identity: {}}",
                  "node: {trust: [], bundle_sources: [\"https://h:1/a/\", \"http://h/\"]}\n"
                      + "services: {identity: {}}",
                  "node: {tracing: {exporter: otlp, sampling: 5%}}\nservices: {identity: {}}",
                  "node: {tracing: {exporter: zipkin, endpoint: \"http://h:1/a\"}}\n"
                      + "services: {identity: {}}",
                  "node: {alerts: {webhook: \"https://h\", off: [flapping, disk_full]}}\n"
                      + "services: {identity: {}}",
                  "node: {alerts: {crash_loop: {failures: 5, window: 30m},"
                      + " unhealthy: {after: 0s}, disk_space_low: {free: 10%}}}\n"
                      + "services: {identity: {}}",
                  "services: {identity: {}}\nsupervisor: {resource_policies: {mine: {}}}",
                  "services: {identity: {}}\nremote:",
                  "services: {identity: {}}\nremote: []",
                  "services: {identity: {}}\nremote: [{node_id: b, services: {x: h:1}}]",
                  "services: {identity: {}}\nremote: [{node_id: b.c-d, services: {x: \"[::1]:65535\"}}]",
                  "services: {identity: {}}\nsupervisor: {on_orchestrator_loss: stop}"),
              Stream.of(
                      "port: 65535",
                      "port: \"${env:PORT}\"",
                      "enabled: false",
                      "remote_fallback: reads",
                      "depends_on: [identity]",
                      "jvm_args: [-Xss1m, \"-Dx=${env:PASSWORD}\"]",
                      "instances: 3, unix_socket: \"/run/x-{instance}.sock\"",
                      "scaling: {min_instances: 2, cpu_scale_threshold: 70%}",
                      "resource_limits: {max_memory: 1G, max_cpu: 2, cpu_period: 10ms, io_priority: -20}",
                      "restart_policy: {jitter: 0%, backoff_factor: 1, restart_delay: 100ms}",
                      "restart_policy: {jitter: 12.5%}",
                      "restart_policy: {max_restarts: 0, jitter: 0, window: 1d}",
                      "grpc: {max_concurrent_calls: 1}",
                      "grpc: {rate_limit: 1, max_message_size: 65536B, retry: {multiplier: 1.5}}",
                      "circuit_breaker: {failure_threshold: 1, half_open_timeout: 1h}",
                      "custom: {a: 1, b: 2.5, c: x, d: true, e: [1, x, 3s], f_g.h-i: 64MB}",
                      "custom: {password: \"${env:PASSWORD}\"}")
                  .map(body -> "services: {x: {" + body + "}, identity: {}}"))
          .toList();

  static final List<String> INVALID =
      Stream.concat(
              Stream.of(
                  "services: {}",
                  "node: {alerts: {off: [flaping]}}\nservices: {identity: {}}",
                  "node: {alerts: {crash_loop: {failures: 1}}}\nservices: {identity: {}}",
                  "node: {alerts: {webhook: h:9093}}\nservices: {identity: {}}",
                  "services:",
                  "node: {id: a}",
                  "[]",
                  "text",
                  "services: {../x: {}}",
                  "services: {X: {}}",
                  "services: {identity: 5}",
                  "services: [identity]",
                  "services: {identity: {}}\nservice: {}",
                  "node: {id: 42}\nservices: {identity: {}}",
                  "node: {id: ../x}\nservices: {identity: {}}",
                  "node: {log_format: xml}\nservices: {identity: {}}",
                  "node: {trust: ca.pem}\nservices: {identity: {}}",
                  "node: {bundle_sources: [\"https://h\"]}\nservices: {identity: {}}",
                  "node: {bundle_sources: [\"ftp://h/a\"]}\nservices: {identity: {}}",
                  "node: {bundle_sources: [\"https://h@e/a\"]}\nservices: {identity: {}}",
                  "node: {tracing: {exporter: jaeger}}\nservices: {identity: {}}",
                  "node: {tracing: {endpoint: \"localhost:4318\"}}\nservices: {identity: {}}",
                  "node: {tracing: {sampling: 5}}\nservices: {identity: {}}",
                  "node: {tls: {insecure_loopback: 1}}\nservices: {identity: {}}",
                  "node: {metrics: {port: 0}}\nservices: {identity: {}}",
                  "node: {metrics: {address: \"a b\"}}\nservices: {identity: {}}",
                  "services: {identity: {}}\nremote: {node_id: b, services: {x: h:1}}",
                  "services: {identity: {}}\nremote: [b]",
                  "services: {identity: {}}\nremote: [{}]",
                  "services: {identity: {}}\nremote: [{node_id: b}]",
                  "services: {identity: {}}\nremote: [{node_id: b, services: {}}]",
                  "services: {identity: {}}\nremote: [{services: {x: h:1}}]",
                  "services: {identity: {}}\nremote: [{node_id: a_b, services: {x: h:1}}]",
                  "services: {identity: {}}\nremote: [{node_id: b, services: {x: h}}]",
                  "services: {identity: {}}\nremote: [{node_id: b, services: {x: \"h:\"}}]",
                  "services: {identity: {}}\nremote: [{node_id: b, services: {x: 50001}}]",
                  "services: {identity: {}}\nremote: [{node_id: b, services: {X: h:1}}]",
                  "services: {identity: {}}\nremote: [{node_id: b, servces: {x: h:1}}]",
                  "node: {tls: {certificate: 5}}\nservices: {identity: {}}",
                  "services: {identity: {}}\nsupervisor: {warm_spares: -1}",
                  "services: {identity: {}}\nsupervisor: {start_timeout: 30}",
                  "services: {identity: {}}\nsupervisor: {on_orchestrator_loss: ignore}",
                  "services: {identity: {}}\nsupervisor: {resource_policies: {a: {members: x}}}"),
              Stream.of(
                      "prot: 1",
                      "port: 0",
                      "port: 65536",
                      "port: 1.5",
                      "port: \"10\"",
                      "port: no",
                      "port: [1]",
                      "port:",
                      "enabled: \"true\"",
                      "enabled: yes",
                      "remote_fallback: sometimes",
                      "depends_on: identity",
                      "depends_on: [../identity]",
                      "jvm_args: [5]",
                      "jvm_args: [\"\"]",
                      "instances: 0",
                      "unix_socket: relative.sock",
                      "bundle: \"\"",
                      "scaling: {cpu_scale_threshold: 0}",
                      "scaling: {max_instances: 2.5}",
                      "resource_limits: {max_memory: 512}",
                      "resource_limits: {max_memory: -1MB}",
                      "resource_limits: {max_memory: 512mb}",
                      "resource_limits: {max_cpu: 0}",
                      "resource_limits: {cpu_period: 10}",
                      "resource_limits: {max_cpu: \"0.5\"}",
                      "resource_limits: {io_priority: 20}",
                      "restart_policy: {jitter: 20}",
                      "restart_policy: {jitter: \"0.2\"}",
                      "restart_policy: {backoff_factor: 0.9}",
                      "restart_policy: {restart_delay: 1.5s}",
                      "restart_policy: {restart_delay: 5}",
                      "restart_policy: 5",
                      "grpc: {retry: {initial: 1s}}",
                      "grpc: {max_concurrent_calls: 0}",
                      "circuit_breaker: {failure_threshold: 0}",
                      "custom: {a: {b: 1}}",
                      "custom: {a: [[1]]}",
                      "custom: {a: null}",
                      "custom: {1a: 1}")
                  .map(body -> "services: {x: {" + body + "}, identity: {}}"))
          .toList();

  private Samples() {}
}
