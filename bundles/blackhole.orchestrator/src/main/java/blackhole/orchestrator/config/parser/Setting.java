package blackhole.orchestrator.config.parser;

/**
 * One effective setting.
 *
 * @param key the full key, for example {@code services.identity.restart_policy.max_restarts}
 * @param value as it would stand in YAML, {@code null} if there is none; references stand in place
 *     of secrets
 * @param origin {@code default}, or {@code FILE:line}
 */
public record Setting(String key, String value, String origin) {}
