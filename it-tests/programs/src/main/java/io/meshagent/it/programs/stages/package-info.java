/**
 * A program that brings stages of its own: the adapters of the agent around real calls over
 * loopback, without the rest of the agent. It prints what each trial has seen, for a test to
 * compare. Runs on any gRPC from 1.22.
 */
package io.meshagent.it.programs.stages;
