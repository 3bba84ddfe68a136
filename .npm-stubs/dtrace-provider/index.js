'use strict';
// bunyan takes a falsy provider for "no DTrace on this machine".
module.exports = null;
