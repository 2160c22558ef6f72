/**
 * A client and a server whose calls do nothing but cost, what they may be governed by without an
 * agent, and what each of them has used: for {@code it-tests/bench/calls.sh}.
 */
package io.meshagent.it.programs.cost;
