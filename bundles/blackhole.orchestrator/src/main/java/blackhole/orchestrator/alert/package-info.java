/**
 * What an operator has to see to: pure decisions on what others observe. They read nothing but
 * their own file, and know no time but what they are told.
 */
@NullMarked
package blackhole.orchestrator.alert;

import org.jspecify.annotations.NullMarked;
