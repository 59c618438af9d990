# The front door. `make` alone lists what there is; every target sets up what it needs, once.
SHELL := /bin/bash
RUN := scripts/with-node
.DEFAULT_GOAL := help
.PHONY: help up down dev test test-unit test-cluster test-e2e images cluster cluster-down lint format generate bench clean

help: ## Print this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

up: ## Run the product on a cluster and print the address (TASKASSISTANT_CONTEXT=, CLUSTER=kind|minikube, or an embedded one)
	@$(RUN) node scripts/up/main.ts

down: ## Take away everything that `make up` made
	@$(RUN) node scripts/down/main.ts

dev: ## Run all services here without Kubernetes, with reload (DATABASE_URL= for a PostgreSQL of yours)
	@$(RUN) node scripts/dev/main.ts

test: ## Prove everything this machine can: lint, unit, cluster and end-to-end
	@$(RUN) node scripts/test/main.ts

test-unit: ## Test the rules and services against a real PostgreSQL, without Kubernetes
	@$(RUN) node scripts/test/main.ts unit

test-cluster: ## Test the operator, the chart and the embedded cluster against a real API server
	@$(RUN) node scripts/test/main.ts cluster

test-e2e: ## Test the whole product on a real node with a real browser
	@$(RUN) node scripts/test/main.ts e2e

images: ## Build the container images whose inputs changed and print their sizes
	@$(RUN) node scripts/images/main.ts

cluster: ## Start the embedded one-node cluster alone and print how to reach it
	@$(RUN) node cluster/src/main.ts up --name $(or $(CLUSTER_NAME),taskassistant)

cluster-down: ## Stop the embedded cluster and leave nothing of it behind
	@$(RUN) node cluster/src/main.ts down --name $(or $(CLUSTER_NAME),taskassistant)

lint: ## Check format, lint, types, the arrows between folders and generated files
	@$(RUN) node scripts/test/main.ts lint

format: ## Format and fix what can be fixed by itself
	@$(RUN) biome check --write .

generate: ## Write the generated files anew (types, references, the chart's copy of the CRD)
	@$(RUN) node scripts/generate/main.ts

bench: ## Measure speed and memory as ratios against a reference in the same run
	@$(RUN) node test/bench/main.ts

clean: ## Remove all that was built, cached and stored here; refuses while it is in use (ALL=1: the tools as well)
	@$(RUN) --without-packages node scripts/clean/main.ts
