package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.itest.calls.v1.Failure;
import blackhole.itest.calls.v1.Kind;
import blackhole.itest.calls.v1.Report;
import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.TestNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The instances of a service follow its load, and operators, and callers notice neither. */
class ScalingTest {
  @TempDir private static Path bundles;

  private static TestNode node;
  private static CallBundles.Driver driver;

  @BeforeAll
  static void start() throws IOException {
    Path target = CallBundles.target(bundles);
    node =
        TestNode.start(
            """
            supervisor: { sample_interval: 1s }
            services:
              scaled:
                bundle: %1$s
                resource_limits: { max_memory: 512MB, max_cpu: 0.3 }
                scaling:
                  min_instances: 1
                  max_instances: 3
                  cpu_scale_threshold: 0.5
                  mem_scale_threshold: 0.9
                  scale_up_cooldown: 3s
                  scale_down_cooldown: 4s
              manual: { bundle: %1$s, port: %2$d }
              driver: { bundle: %3$s }
              events: {}
            """
                .formatted(target, Ports.free(1).get(0), CallBundles.driver(bundles)));
    driver = CallBundles.driverOf(node);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void instancesFollowALoadThatDoublesAndHalvesAndNoCallFails() {
    // a little of everything throughout, so that each step happens under calls
    long little = driver.start(CallBundles.request("scaled", Kind.SPIN, "0/50"), 1);
    List<Long> loads = new ArrayList<>();
    loads.add(heavy());
    awaitReady("scaled", 2);
    loads.add(heavy());
    awaitReady("scaled", 3);
    assertThat(steps()).as("while it grows").containsExactly("1 to 2", "2 to 3");
    List<Report> reports = new ArrayList<>();
    loads.forEach(load -> reports.add(driver.stop(load)));
    awaitReady("scaled", 1);
    reports.add(driver.stop(little));

    assertThat(reports).flatExtracting(Report::getFailuresList).isEmpty();
    assertThat(reports).allSatisfy(report -> assertThat(report.getCalls()).isPositive());
    assertThat(steps()).as("each once").containsExactly("1 to 2", "2 to 3", "3 to 2", "2 to 1");
    assertThat(node.log())
        .contains("scaled: scaled from 1 to 2: CPU ")
        .contains("scaled: scaled from 2 to 1: CPU ")
        .contains(" of max_cpu (0.3) (threshold 50 %)");
    Await.until(
        "each step is published with its reason",
        TestNode.PATIENCE,
        () -> published().equals(causes()));
    assertThat(refusal("bh:scale scaled 4")).contains("scaled has 1 to 3 instances");
  }

  /** From how many instances to how many, by the journal. */
  private static List<String> steps() {
    return causes().stream()
        .map(cause -> cause.substring("scaled from ".length(), cause.indexOf(':')))
        .toList();
  }

  private static List<String> causes() {
    List<String> causes = new ArrayList<>();
    for (JsonElement row : node.json("bh:journal scaled -n 1000")) {
      causes.add(row.getAsJsonObject().get("cause").getAsString());
    }
    return ofSteps(causes);
  }

  private static List<String> published() {
    List<String> causes = new ArrayList<>();
    for (JsonElement row : node.json("bh:events service.scaling -n 1000")) {
      JsonObject data = row.getAsJsonObject().getAsJsonObject("data");
      if (data.get("service").getAsString().equals("scaled")) {
        causes.add(data.get("cause").getAsString());
      }
    }
    return ofSteps(causes);
  }

  private static List<String> ofSteps(List<String> causes) {
    return causes.stream().filter(cause -> cause.startsWith("scaled from ")).toList();
  }

  private static long heavy() {
    return driver.start(CallBundles.request("scaled", Kind.SPIN, "5/10"), 3);
  }

  @Test
  void scalingByHandUnderLoadLosesNoCall() {
    long load = driver.start(CallBundles.request("manual", Kind.READ, "5"), 4);
    assertThat(node.exec("bh:scale manual 3").lines())
        .as("on one TCP port")
        .hasSize(2)
        .allMatch(line -> line.contains("is READY"));
    awaitReady("manual", 3);
    assertThat(node.exec("bh:scale manual 1").lines())
        .hasSize(2)
        .allMatch(line -> line.contains("is STOPPED"));
    awaitReady("manual", 1);
    Report report = driver.stop(load);
    assertThat(report.getFailuresList()).extracting(Failure::getMessage).isEmpty();
    assertThat(refusal("bh:scale manual 0")).contains("use stop manual");
    assertThat(refusal("bh:scale manual 1000")).contains("is more than this machine has");
  }

  private static String refusal(String line) {
    CommandResult result = node.tryExec(line);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr().lines()).hasSize(1);
    return result.stderr();
  }

  private static void awaitReady(String service, int instances) {
    Await.until(
        service + " has " + instances + " instances, all READY",
        TestNode.PATIENCE,
        () -> {
          List<String> states = states(service);
          return states.size() == instances && states.stream().allMatch("READY"::equals);
        });
  }

  private static List<String> states(String service) {
    List<String> states = new ArrayList<>();
    for (JsonElement row : node.json("bh:ps")) {
      JsonObject status = row.getAsJsonObject();
      if (status.get("service").getAsString().equals(service)) {
        states.add(status.get("state").getAsString());
      }
    }
    return states;
  }
}
