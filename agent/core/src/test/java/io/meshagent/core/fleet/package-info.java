/**
 * A fleet on paper that runs: clients with the real balancers, ejection and subsets, servers and a
 * network that are numbers, and a clock that jumps from event to event. {@code
 * it-tests/bench/fleet.sh} prints the tables of the docs.
 */
package io.meshagent.core.fleet;
