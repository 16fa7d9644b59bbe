#pragma once

/// Values, plans and sessions. The headers that take long to compile are left out:
/// - <csnet/transaction.hpp>: Session::apply(), with its options and its report;
/// - <csnet/session_options.hpp>: the options of a Session and of activate(), and Modification;
/// - <csnet/network_file.hpp>: load() and loads();
/// - <csnet/print.hpp>: values as text, and formatters for fmt;
/// - <csnet/fields.hpp>: the tables of fields.
#include <csnet/address.hpp>
#include <csnet/error.hpp>
#include <csnet/facts.hpp>
#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>
#include <csnet/management_network.hpp>
#include <csnet/plan.hpp>
#include <csnet/probe.hpp>
#include <csnet/profile.hpp>
#include <csnet/render.hpp>
#include <csnet/session.hpp>
#include <csnet/validate.hpp>
