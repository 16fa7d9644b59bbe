#pragma once

/// Everything that csnet offers, apart from the tables of fields, which take long to compile: <csnet/fields.hpp>.
#include <csnet/address.hpp>
#include <csnet/error.hpp>
#include <csnet/facts.hpp>
#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>
#include <csnet/management_network.hpp>
#include <csnet/network_file.hpp>
#include <csnet/plan.hpp>
#include <csnet/print.hpp>
#include <csnet/probe.hpp>
#include <csnet/profile.hpp>
#include <csnet/render.hpp>
#include <csnet/session.hpp>
#include <csnet/transaction.hpp>
#include <csnet/validate.hpp>
