/**
 * What may stand in {@code blackhole.yaml}: one table of keys, each with its type, its default and
 * what leaving it out means. The checker, the list of effective settings, the JSON Schema and the
 * table in the README are all drawn from it.
 */
@NullMarked
package blackhole.orchestrator.config.schema;

import org.jspecify.annotations.NullMarked;
