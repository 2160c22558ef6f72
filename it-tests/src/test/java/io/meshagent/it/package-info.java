/**
 * Scenarios in real JVMs with the real jar, named after promises. What starts and stops things is
 * in {@code harness}; what runs in the JVMs is the sample greeter, {@code it-tests/programs} and
 * gRPC's own interoperability programs.
 */
package io.meshagent.it;
