#pragma once

/// Values, plans and sessions. What takes long to compile has a header of its own:
/// - <csnet/transaction.hpp>: Session::apply(), with its options and its report;
/// - <csnet/session_options.hpp>: the options of a Session, of activate(), and what modify_all() takes;
/// - <csnet/print.hpp>: values as text, and formatters for fmt;
/// - <csnet/fields.hpp>: the tables of fields.
#include <csnet/address.hpp>
#include <csnet/error.hpp>
#include <csnet/facts.hpp>
#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>
#include <csnet/management_network.hpp>
#include <csnet/network_file.hpp>
#include <csnet/plan.hpp>
#include <csnet/probe.hpp>
#include <csnet/profile.hpp>
#include <csnet/render.hpp>
#include <csnet/session.hpp>
#include <csnet/validate.hpp>
