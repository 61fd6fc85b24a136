/**
 * Who is near a limit, and what follows from it: pure decisions on samples and time. They read
 * nothing and do nothing; the table in the README of the project has a row for each signal.
 */
@NullMarked
package blackhole.orchestrator.pressure;

import org.jspecify.annotations.NullMarked;
