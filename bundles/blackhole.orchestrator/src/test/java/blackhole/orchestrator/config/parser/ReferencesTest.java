package blackhole.orchestrator.config.parser;

import static blackhole.orchestrator.config.parser.Configs.errors;
import static blackhole.orchestrator.config.parser.Configs.parse;
import static blackhole.orchestrator.config.parser.Configs.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ${env:NAME}} and {@code ${file:PATH}}: used where they stand, shown nowhere. */
class ReferencesTest {
  private static final String WITH_SECRETS =
      """
      services:
        identity:
          jvm_args: ["-Dpassword=${env:PASSWORD}"]
          custom:
            password: ${env:PASSWORD}
            key: "${file:secrets/key}"
            url: jdbc:x:user=me;password=${env:PASSWORD}
            all: [a, "${env:PASSWORD}"]
      """;

  private static Map<String, Object> custom(String body) {
    return valid("services:\n  identity:\n    custom: {" + body + "}\n")
        .services()
        .get("identity")
        .custom();
  }

  @Test
  void they_are_resolved_alone_and_inside_of_text() {
    assertThat(valid(WITH_SECRETS).services().get("identity").custom())
        .contains(
            entry("password", "hunter2-0042"),
            entry("key", "s3cret-of-file"),
            entry("url", "jdbc:x:user=me;password=hunter2-0042"));
    assertThat(valid(WITH_SECRETS).services().get("identity").jvmArgs())
        .containsExactly("-Dpassword=hunter2-0042");
  }

  @Test
  void in_custom_they_stay_text_whatever_they_look_like() {
    assertThat(custom("a: \"${env:DIGITS}\", b: '${env:SIZE}'"))
        .containsExactly(entry("a", "0042"), entry("b", "64MB"));
  }

  @Test
  void elsewhere_they_may_become_any_type() {
    var service =
        valid(
                """
                services:
                  identity:
                    port: ${env:PORT}
                    grpc: {max_message_size: "${env:SIZE}"}
                """)
            .services()
            .get("identity");
    assertThat(service.port()).hasValue(50007);
    assertThat(service.grpc().maxMessageSizeBytes()).isEqualTo(64 << 20);
  }

  @Test
  void two_dollars_stand_for_one() {
    assertThat(custom("a: \"$${env:PASSWORD}\", b: \"$HOME $5 {x}\""))
        .containsExactly(entry("a", "${env:PASSWORD}"), entry("b", "$HOME $5 {x}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${env:NONE} | ${env:NONE} has no value, expected the environment variable NONE to be set",
        "${file:none} | ${file:none} can't be read (there is no such file), expected a readable text file",
        "${vault:x} | ${vault:x} is not a reference, expected ${env:NAME} or ${file:PATH}, or $${ for a plain ${",
        "${env:} | ${env:} is not a reference, expected ${env:NAME} or ${file:PATH}, or $${ for a plain ${",
        "a${env:PASSWORD | ${env:PASSWORD is not a reference, expected ${env:NAME} or ${file:PATH}, or $${ for a plain ${",
      })
  void what_can_not_be_resolved(String value, String message) {
    assertThat(errors("services:\n  identity:\n    custom:\n      a: \"" + value + "\"\n"))
        .containsExactly("n.yaml:4:10 services.identity.custom.a: " + message);
  }

  @Test
  void a_wrong_value_is_not_shown_in_its_error() {
    assertThat(
            errors(
                """
                services:
                  identity:
                    port: ${env:PASSWORD}
                    remote_fallback: ${env:PASSWORD}
                    bundle: /${env:PASSWORD}/x.jar
                    resource_limits: {max_memory: "${env:PASSWORD}"}
                    unix_socket: /${env:PASSWORD}
                  storage:
                    unix_socket: /${env:PASSWORD}
                """))
        .hasSize(5)
        .noneMatch(error -> error.contains("hunter2"))
        .contains(
            "n.yaml:3:11 services.identity.port: ${env:PASSWORD} is not a whole number, expected a"
                + " whole number from 1 to 65535",
            "n.yaml:5:13 services.identity.bundle: /${env:PASSWORD}/x.jar does not exist, expected"
                + " the jar of a bundle");
  }

  @Test
  void secrets_show_nowhere() {
    ParseResult result = parse(WITH_SECRETS);
    String shown =
        result.settings()
            + CheckReport.of(result, "n.yaml", OptionalLong.empty())
            + result.config()
            + result.secrets()
            + result;
    assertThat(shown).doesNotContain("hunter2", "s3cret").contains("${env:PASSWORD}");
  }

  @Test
  void secrets_can_be_taken_out_of_a_log_line() {
    Secrets secrets = parse(WITH_SECRETS).secrets();
    assertThat(secrets.redact("login with hunter2-0042 and s3cret-of-file failed"))
        .isEqualTo("login with *** and *** failed");
    assertThat(Secrets.NONE.redact("hunter2-0042")).isEqualTo("hunter2-0042");
  }

  @Test
  void a_number_from_the_environment_is_no_secret() {
    assertThat(parse("services: {identity: {port: \"${env:PORT}\"}}").secrets().redact("50007"))
        .isEqualTo("50007");
  }

  @Test
  void the_system_reads_files_beside_the_configuration(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("key"), "of the file\r\n");
    Files.writeString(folder.resolve("large"), "x".repeat(70_000));
    Path file =
        Files.writeString(
            folder.resolve("n.yaml"), "services: {identity: {custom: {k: \"${file:key}\"}}}");
    ConfigParser parser = new ConfigParser(Configs.CATALOG, SecretResolver.SYSTEM);
    assertThat(parser.parse(file).config().orElseThrow().services().get("identity").custom())
        .containsExactly(entry("k", "of the file"));
    Files.writeString(file, "services: {identity: {custom: {k: \"${file:large}\"}}}");
    assertThat(parser.parse(file).errors())
        .singleElement()
        .asString()
        .endsWith(
            "${file:large} can't be read (it is larger than 64KB), expected a readable text file");
    Files.writeString(file, "services: {identity: {custom: {k: \"${file:.}\"}}}");
    assertThat(parser.parse(file).errors()).hasSize(1);
  }
}
